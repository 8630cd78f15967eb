"""Forms for the human tasks: .form files into Flask pages and clean values.

adapter = FormsAdapter(FormSettings(court_codes=…))      # the engine's port
opened = OpenForm(adapter.schema(form), scope, now, adapter.settings, flat=request_form)
view = form_view(opened, say)                             # for templates/forms/
"""
