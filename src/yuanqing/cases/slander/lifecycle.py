"""Steps of a finding: proposed with its evidence; confirmed by another with approval from above, or an honest error."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="proposed",
    states={"proposed": _("待认定"), "confirmed": _("认定诬告"), "honest": _("错告，不追究")},
    steps=[
        Step("propose", _("提出诬告认定"), (), "proposed", "lead_handler", "speech.4.8"),
        Step(
            "confirm", _("登记认定诬告"), ("proposed",), "confirmed", "discipline_chief", "speech.4.8", dangerous=True
        ),
        Step("clear", _("认定为错告"), ("proposed",), "honest", "discipline_chief", "speech.4.8", is_aside=True),
    ],
    final=("confirmed", "honest"),
)
