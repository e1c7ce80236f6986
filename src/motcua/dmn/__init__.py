"""Decision tables as OMG DMN: what procedures decide, for tools that speak it, and drafts made from their tables."""

__all__: list[str] = []
