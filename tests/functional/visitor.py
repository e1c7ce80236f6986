"""A visitor without scripts: opens pages, fills in and submits the real forms as a browser would."""

from __future__ import annotations

import itertools
from urllib.parse import quote

from webtest import TestApp
from webtest.forms import Checkbox, File, Radio, Submit

PDF = b"%PDF-1.7\nmade for a test\n"
_ADDRESSES = itertools.count(1)


class Visitor:
    """One browser with its cookies. ``page`` is the page it looks at."""

    def __init__(self, application) -> None:
        number = next(_ADDRESSES)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.app = TestApp(application, extra_environ={"REMOTE_ADDR": address})
        self.page = None

    def open(self, url, status=None, **headers):
        """Go to an address, following redirects."""
        url = quote(url, safe="%/:?&=#[]@!$'()*+,;")
        self.page = self.app.get(url, headers=headers or None, status=status, expect_errors=status is not None)
        return self._followed()

    def _followed(self):
        while 300 <= self.page.status_int < 400:
            self.page = self.page.follow(expect_errors=True)
        return self.page

    def press(self, form_id, button="", status=200, value="1", **answers):
        """Fill in ``answers`` (dots written ``__``) and press a button; disabled fields are not sent."""
        return self.send(form_id, {name.replace("__", "."): answer for name, answer in answers.items()},
                         button, status, value)

    def send(self, form_id, answers=(), button="", status=200, value="1"):
        """The same with the field names as keys."""
        form = self.page.forms[form_id]
        for name, answer in dict(answers).items():
            fill(form, name, answer)
        params, files = posted(form)
        if button:
            params.append((button, value))
        if form.method.upper() == "GET":
            self.page = self.app.get(form.action, params=params, expect_errors=True)
        elif form.enctype == "multipart/form-data":
            self.page = self.app.post(form.action, params=params, expect_errors=True,
                                      upload_files=files or [("nothing", "", b"")])
        else:
            self.page = self.app.post(form.action, params=params, expect_errors=True)
        self._followed()
        assert self.page.status_int == status, f"{self.page.status}: {self.errors or self.text[:800]}"
        return self.page

    @property
    def text(self):
        """What the page says in its main part."""
        return " ".join(self.page.html.find("main").get_text(" ").split())

    @property
    def heading(self):
        """The page's first heading."""
        return " ".join(self.page.html.find("h1").get_text(" ").split())

    @property
    def errors(self):
        """The lines of the error summary."""
        return [line.get_text(" ", strip=True) for line in self.page.html.select(".error-summary li")]

    @property
    def path(self):
        """Where the visitor is."""
        return self.page.request.path

    def links(self, selector="main a"):
        """Text and address of links."""
        return {" ".join(link.get_text(" ").split()): link["href"] for link in self.page.html.select(selector)}

    # -- whole stretches of the way

    def register(self, name, title="Nguyễn Thị Thử", password="một câu khá dài để nhớ"):
        """Open an account and be signed in."""
        self.open("/register")
        return self.press("register", name=name, title=title, password=password, again=password)

    def begin(self, procedure):
        """Begin a form."""
        self.open(f"/procedures/{procedure}/apply")
        return self.press("start")

    def go_through(self, answers, limit=60):
        """Answer page after page, from ``answers`` by field name, until the check or an error."""
        for _ in range(limit):
            if "fill-in" not in self.page.forms or self.errors:
                return self.page
            form = self.page.forms["fill-in"]
            here = {name: answers[name] for name in enabled(form) if name in answers}
            self.send("fill-in", here, "_go", status=self.page.status_int)
        raise AssertionError(f"no end after {limit} pages, now at {self.path}")


def fill(form, name, answer):
    """Put an answer into the field(s) of a name; booleans and lists tick boxes."""
    assert name in form.fields, f"no field {name} in {sorted(map(str, form.fields))}"
    fields = form.fields[name]
    if isinstance(fields[0], Checkbox):
        wanted = answer if isinstance(answer, (list, tuple)) else [fields[0]._value] if answer else []
        for field in fields:
            field.checked = field._value in wanted
    elif isinstance(fields[0], Radio):
        fields[0].force_value(answer) if answer not in [o[0] for o in fields[0].options] else setattr(
            fields[0], "value", answer)
    elif hasattr(fields[0], "options"):
        fields[0].force_value(answer)
    else:
        fields[0].value = answer


def enabled(form):
    """The names of the fields a browser would send."""
    return {name for name, field in form.field_order if name and "disabled" not in field.attrs}


def posted(form):
    """What a browser would send of a form: no disabled fields, no buttons."""
    params, files = [], []
    for name, field in form.field_order:
        if name is None or "disabled" in field.attrs or isinstance(field, Submit):
            continue
        if isinstance(field, File):
            if field.value:
                files.append((name, *field.value))
        elif field.value is not None:
            params.append((name, field.value))
    return params, files
