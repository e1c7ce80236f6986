"""XPath 1.0 with the ODK XForms functions: parse, compile against a form, evaluate over its nodes."""

from motcua.forms.xpath.compiler import Compiled, Compiler
from motcua.forms.xpath.context import BudgetSpentError, Context, Run
from motcua.forms.xpath.parser import XPathSyntaxError, parse_xpath

__all__ = ["BudgetSpentError", "Compiled", "Compiler", "Context", "Run", "XPathSyntaxError", "parse_xpath"]
