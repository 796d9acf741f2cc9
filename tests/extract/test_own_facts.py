"""What is read from the product's own documents, to the last value and its evidence.

Where a change is meant, ``python -m tests.gold.listing`` writes it down, and the difference is looked at.
"""

import pytest

from tests.gold import features
from tests.gold.listing import FOLDER, IDS, facts, path_of_facts


@pytest.mark.parametrize("id_", IDS)
def test_what_is_read_of_a_document_changes_by_no_accident(id_):
    assert facts(id_).splitlines() == path_of_facts(id_).read_text("utf-8").splitlines()


def test_what_the_models_see_of_the_documents_changes_by_no_accident():
    assert features.listed().splitlines() == features.FEATURES_FILE.read_text("utf-8").splitlines()


def test_no_facts_are_kept_of_a_document_that_is_gone():
    assert sorted(path.stem for path in (FOLDER / "facts").iterdir()) == IDS
