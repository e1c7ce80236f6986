"""The picture of a case: how its facts lead to the outcome, as an accessible SVG with the same content as text.

In flow a procedure and an assessment of it; `graph` says what leads to what, `layout` where each thing lies,
`drawing` draws it, `page` serves it.
"""
