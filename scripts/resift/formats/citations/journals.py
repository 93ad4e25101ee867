"""Whether two journal titles name the same journal: asked of `resift.text.journals`."""

from __future__ import annotations

from resift.text.journals import journal_words as words
from resift.text.journals import same_journal

__all__ = ["same_journal", "words"]
