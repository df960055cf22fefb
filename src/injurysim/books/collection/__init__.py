"""How contributions come in: what is declared, what is paid late or never, what inspection finds."""
