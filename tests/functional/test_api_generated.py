"""Requests made up from the API's own document: every answer is one that the document describes."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.functional.sending import WELL

from motcua.web.api.document import read_document

OPERATIONS = [(path, method) for path, item in read_document()["paths"].items()
              for method in item if method != "parameters"]


@pytest.fixture(scope="module")
def described(wells):
    """The API as its document describes it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", wells)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
          suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_made_up_requests_get_answers_of_the_document(described, path, method, mode, data):
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    if "id" in case.path_parameters and data.draw(st.booleans()):
        case.path_parameters["id"] = WELL
    # which facts a procedure knows is its rules' to say, not the document's
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
