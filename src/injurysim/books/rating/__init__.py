"""Rating: the factor that a platform's own experience puts on its contributions."""
