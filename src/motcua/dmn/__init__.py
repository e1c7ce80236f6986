"""Decision tables as OMG DMN: what procedures decide, for tools that speak it, and drafts made from their tables.

Out: a law version as a DMN 1.3 file, facts as inputs, with a picture (`export_dmn`). In: the decision tables of a DMN
file, as a draft rule file, with what could not be taken over (`import_dmn`).
"""

from motcua.dmn.draft import Draft, import_dmn
from motcua.dmn.export import export_dmn

__all__ = ["Draft", "export_dmn", "import_dmn"]
