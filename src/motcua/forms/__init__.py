"""ODK XForms: bytes of a form or a submission in; computed state, checked data and facts out.

Knows nothing of the web or of storage. The form's own words decide what is shown; the server's
evaluation decides what counts.
"""

from motcua.forms.actions import finish, new_instance
from motcua.forms.binding import check_bindings
from motcua.forms.check import FormReport, Note, SubmissionError, check, check_bytes
from motcua.forms.clock import Clock
from motcua.forms.datatypes import safe_file_name
from motcua.forms.editing import add_row, remove_row, set_value
from motcua.forms.evaluation import evaluate
from motcua.forms.extraction import Extraction, extract
from motcua.forms.filetypes import is_accepted, media_type
from motcua.forms.generation import generate_form
from motcua.forms.instance import Instance, parse_submission
from motcua.forms.loading import load_form
from motcua.forms.model import Form
from motcua.forms.state import FormState, NodeState
from motcua.forms.structure import load_instance
from motcua.forms.xml import FORM_LIMITS, SUBMISSION_LIMITS, Limits, parse_xml

__all__ = [
    "FORM_LIMITS",
    "SUBMISSION_LIMITS",
    "Clock",
    "Extraction",
    "Form",
    "FormReport",
    "FormState",
    "Instance",
    "Limits",
    "NodeState",
    "Note",
    "SubmissionError",
    "add_row",
    "check",
    "check_bindings",
    "check_bytes",
    "evaluate",
    "extract",
    "finish",
    "generate_form",
    "is_accepted",
    "load_form",
    "load_instance",
    "media_type",
    "new_instance",
    "parse_submission",
    "parse_xml",
    "remove_row",
    "safe_file_name",
    "set_value",
]
