# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Designs against each other
#
# A planner's question from beginning to end: which design leaves injured riders with less of their loss, what does it
# cost, and how sure can one be? This page is a notebook as text: run it as a script (`python
# docs/tutorials/designs_against_each_other.py`), or open it in Jupyter with jupytext. It takes well under a minute.
#
# 本页是一份“文本笔记本”：从提出问题到得出带区间的结论，逐步比较几种保障方案。

# %%
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib.pyplot as plt

import injurysim as inj

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## One world, several designs
#
# The quickstart has three worlds and five designs. Here two designs are enough, in the world without a fatigue limit
# and for half a year, so that the page is quick; a real question deserves the whole of it.

# %%
scenario = inj.load(
    inj.shipped("quickstart"),
    overrides=["horizon.months=6", "horizon.runoff_months=12"],
    worlds=["no-limit"],
    designs=["status-quo", "pilot-2022"],
)
result = inj.run(scenario, replications=6, seed=7, out=folder / "two-designs")

# %% [markdown]
# Everything that came out is a tidy frame. `summary` has a row for each world, design and metric, with the interval of
# its mean over replications.

# %%
wanted = ["uncompensated_loss_per_injured_rider", "compensated_share", "platform_cost_per_order"]
summary = result.summary.query("metric in @wanted")
print(summary[["design", "metric", "unit", "mean", "ci_low", "ci_high", "n"]].to_string(index=False))

# %% [markdown]
# ## The difference, paired
#
# Both designs kept their books on the very same riders, shifts and injuries, replication by replication. What the designs
# differ in is therefore known far better than what either of them comes to. `comparison` has the paired differences to
# the scenario's baseline; `contrast` sets any two places against each other.

# %%
pair = result.contrast("no-limit/pilot-2022", "no-limit/status-quo", metrics=wanted)
print(
    pair[["metric", "difference", "se", "joint_low", "joint_high", "better_share", "n_needed"]].to_string(
        index=False
    )
)

# %% [markdown]
# The same in words, English or Chinese:

# %%
for language in ("en", "zh"):
    print(*result.sentences(pair, language), sep="\n")

# %% [markdown]
# `pairing_gain` says what the pairing is worth: so many times as many replications would independent seeds need for an
# interval as narrow.

# %%
print(pair[["metric", "pairing_gain"]].to_string(index=False))

# %% [markdown]
# ## From replications to a picture
#
# `metrics` holds every metric of every replication, and `table` every table of the run. Money is in fen, and whole.

# %%
fund = result.table("fund").query("design == 'pilot-2022' and kind != 'insurer'")
balance = fund.pivot_table(index="month", columns="replication", values="closing_fen", aggfunc="sum") / 100
axes = balance.plot(legend=False, color="tab:blue", alpha=0.6, xlabel="", ylabel="yuan")
axes.set_title("Balance of the pilot's fund, one line for each replication")
plt.tight_layout()
plt.savefig(folder / "balance.png")

# %% [markdown]
# ## Varying a price
#
# An experiment puts variants of worlds and designs beside the others, in one run and on the same injuries. Eleven prices
# cost little more than one.

# %%
rate = "designs.pilot-2022.schemes.platform-work.contribution.industries.food-delivery"
varied = inj.experiment(
    inj.shipped("quickstart"),
    vary={rate: [0.03, 0.12]},
    overrides=["horizon.months=6", "horizon.runoff_months=12"],
    worlds=["no-limit"],
    designs=["pilot-2022", "pilot-2022-food-delivery-0_03", "pilot-2022-food-delivery-0_12"],
    replications=6,
    seed=7,
    out=folder / "prices",
)
print(varied.points[["name", "value"]].to_string(index=False))
money = varied.comparison.query("metric == 'contributions_paid'")
print(money[["design", "baseline_design", "difference", "joint_low", "joint_high"]].to_string(index=False))

# %% [markdown]
# ## As many replications as it takes
#
# Instead of a number of replications one may state the half-width that matters, in the metric's own unit, and a budget.
# The table `precision` says what was reached.

# %%
precise = inj.run(
    scenario,
    precision=["difference:compensated_share=0.03"],
    budget=12,
    replications=4,
    seed=7,
    out=folder / "precise",
)
print(
    precise.precision[["target", "design", "half_width_wanted", "half_width", "n", "reached"]].to_string(
        index=False
    )
)

# %% [markdown]
# ## More of the same, and elsewhere
#
# What stands is not run again: `expand` adds replications, and with a longer or richer scenario months, worlds and
# designs, after proving that the old rows come out as they stood. Any `concurrent.futures` executor runs the cells; that
# of a Dask client is one of them (see `docs/running.md`).

# %%
with ThreadPoolExecutor(2) as pool:
    more = inj.expand(folder / "two-designs", replications=8, executor=pool, out=folder / "eight")
before, after = (
    frame.query("replication < 6").reset_index(drop=True) for frame in (result.metrics, more.metrics)
)
assert before.equals(after)
print(more.folder.manifest["replications"], "replications,", more.folder.manifest["run_digest"][:12])
