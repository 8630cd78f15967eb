"""Our task specs, one class per behaviour of BPMN 2.0 chapter 13."""
