"""How a reported claim moves: at once, through a chain of offices, or by two strands, treatment and file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import MonthOfYear, Name
from injurysim.scenario.values import Count, Listed, NonNegative, Part, Share, Unit, Value, wrong


class Immediate(Part):
    """Confirmed, awarded and paid at the instant of the report (the textbook case)."""

    kind: Literal["immediate"]


class Desk(Part):
    """A number of staff, and the working minutes one of them needs for a case.

    A region may have its own staff. A share of them is on leave in the months of ``leave`` (rounded to whole people,
    half up, at least one stays while there is any).
    """

    staff: Annotated[Value[Count], Unit("staff in each region")]
    minutes: Random = Field(description="working minutes of one member of staff for a case")
    regions: dict[Name, Annotated[Value[Count], Unit("staff")]] = Field(
        default_factory=dict, description="a region's own staff"
    )
    leave: dict[MonthOfYear, Annotated[Value[Share], Unit("share of staff on leave")]] = Field(
        default_factory=dict, description="month 1-12: share on leave; 0 where left out"
    )


class Board(Desk):
    """The labour-capacity appraisal board: a desk that sits on some weekdays only."""

    sitting_weekdays: Listed[Annotated[int, Field(ge=0, le=6)]] = Field(
        description="0 is Monday; a sitting that falls on a day off is not made up"
    )


class _Offices(Part):
    """Office hours, and the desks every file may pass."""

    confirmation: Desk
    confirmed_share: Annotated[Value[Share], Unit("share of covered claims confirmed")]
    decision_limit_days: Annotated[Value[Count], Unit("working days from acceptance to decision")]
    appraisal: Board
    payment: Desk
    opens_hour: Annotated[int, Field(ge=0, le=23)] = 9
    closes_hour: Annotated[int, Field(ge=1, le=24)] = 17
    slot_minutes: Annotated[int, Field(ge=1, le=480)] = 30
    round_the_clock: bool = Field(
        default=False, description="whether the offices never close (the textbook case)"
    )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_hour >= self.closes_hour:
            what = f"the offices close at {self.closes_hour} before they open at {self.opens_hour}"
            stated = "opens_hour" if "opens_hour" in self.model_fields_set else "closes_hour"
            raise wrong((stated,), what, "Left out they are 9 and 17.")
        return self


class Offices(_Offices):
    """Offices of each region, on working days from opening to closing time.

    Work waits in a queue ordered by priority, acceptance and claim, and is picked at slot starts.
    """

    kind: Literal["offices"]
    papers_days: Random = Field(description="working days from the report until the papers are complete")


class Suspension(Part):
    """Something is awaited in a share of claims; meanwhile the legal limit stands still."""

    share: Annotated[Value[Share], Unit("share of claims")]
    days: Random = Field(description="working days it takes")


class ClearCase(Part):
    """Clear rights and duties: a shorter limit, and less work for the officer."""

    share: Annotated[Value[Share], Unit("share of claims with clear facts")]
    limit_days: Annotated[Value[Count], Unit("working days from acceptance to decision")]
    minutes: Random = Field(description="working minutes of one officer for such a case")


class FastLane(Part):
    """Small injuries: out-patient bills up to an amount, no permanent grade, no death; handled before all others."""

    medical_at_most_yuan: Annotated[Value[NonNegative], Unit("yuan of medical cost")]
    limit_days: Annotated[Value[Count], Unit("working days from acceptance to decision")]
    payment_limit_days: Annotated[Value[Count], Unit("working days from decision to payment")]
    minutes: Random = Field(description="working minutes of one officer for such a case")


class Withdrawal(Part):
    """A share of claims is given up while waiting for the decision, so long after acceptance."""

    share: Annotated[Value[Share], Unit("share of claims that would be given up, were the wait endless")]
    days: Random = Field(description="working days after acceptance at which a claimant gives up")


class Instance(Part):
    """Review or appeal: of the claims that were refused before, a share goes on; some are confirmed after all."""

    asked_share: Annotated[Value[Share], Unit("share of refused claims taken further")]
    days: Random = Field(description="working days until the new decision")
    upheld_share: Annotated[Value[Share], Unit("share of them that are confirmed after all, where covered")]


class Treatment(Part):
    """The strand of treatment: it runs from the injury, whatever the file does, and somebody advances the bill.

    It ends with the days off work. ``advanced_by`` names who bears the bill until the file is paid, and so who receives
    the medical benefit; a hospital without passing the payment desk.
    """

    advanced_by: Literal["worker", "platform", "hospital"] = Field(
        default="worker", description="hospital: the bill is settled with the account directly"
    )


class TwoStrands(_Offices):
    """Treatment and file apart: notified, complete, accepted, confirmed or not, appraised once stable, awarded, paid.

    Missing papers delay the acceptance. Limits count working days from acceptance and stand still while police findings
    are awaited. Appraisal waits for confirmation and for the end of treatment; there is none for a death. A refused
    claim may go to review and then to appeal. Medical cost and pay are paid when the claim is confirmed and treatment
    has ended, what goes by grade after the appraisal.
    """

    kind: Literal["two_strands"]
    acceptance_days: Random = Field(description="working days in which the office checks complete papers")
    papers: Suspension | None = Field(
        default=None, description="papers that are missing when the claim is filed"
    )
    police: Suspension | None = Field(
        default=None, description="police findings on liability, awaited after acceptance"
    )
    clear: ClearCase | None = None
    fast_lane: FastLane | None = None
    withdrawal: Withdrawal | None = None
    review: Instance | None = None
    appeal: Instance | None = None
    treatment: Treatment = Treatment()
    stable_days: Annotated[Value[Count], Unit("days from the end of treatment until the state is stable")] = (
        Field(default_factory=lambda: Value[int](value=0))
    )
    appraisal_limit_days: (
        Annotated[Value[Count], Unit("working days from application to appraisal")] | None
    ) = None
    fatal_first: bool = Field(
        default=False, description="whether deaths are handled before all but the fast lane"
    )

    @model_validator(mode="after")
    def _appeal_follows_review(self) -> Self:
        if self.appeal is not None and self.review is None:
            raise wrong(("appeal",), "'appeal' follows 'review', which is not stated", "State `review` too.")
        return self


Handling = Annotated[Immediate | Offices | TwoStrands, Field(discriminator="kind")]
