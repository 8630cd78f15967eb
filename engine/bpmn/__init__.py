"""Diagrams: read, checked, built and executed. The only importer of SpiffWorkflow.

`reading` turns bytes into a `Diagram` (our model, every element with its line), `lint`
refuses what would be executed wrongly, `building` makes SpiffWorkflow task specs of it,
`execution` runs them, `state` keeps them. Why the task tree is the tree of scopes and not
of flows: docs/decisions/0002-scope-tree.md.
"""
