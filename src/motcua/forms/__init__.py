"""ODK XForms: bytes of a form or a submission in; computed state, checked data and facts out.

Knows nothing of the web or of storage. The form's own words decide what is shown; the server's
evaluation decides what counts.
"""

from motcua.forms.actions import new_instance
from motcua.forms.clock import Clock
from motcua.forms.evaluation import evaluate, set_value
from motcua.forms.instance import Instance, parse_submission
from motcua.forms.loading import load_form
from motcua.forms.model import Form
from motcua.forms.state import FormState, NodeState
from motcua.forms.xml import FORM_LIMITS, SUBMISSION_LIMITS, Limits, parse_xml

__all__ = [
    "FORM_LIMITS",
    "SUBMISSION_LIMITS",
    "Clock",
    "Form",
    "FormState",
    "Instance",
    "Limits",
    "NodeState",
    "evaluate",
    "load_form",
    "new_instance",
    "parse_submission",
    "parse_xml",
    "set_value",
]
