"""What botocore's own model of AWS says against the parameters of calls, as JSON: one list of texts for each call."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.get_session()
problems = []
for call in json.load(open(sys.argv[1])):
    operation = session.get_service_model(call["service"]).operation_model(call["operation"])
    report = ParamValidator().validate(call["parameters"], operation.input_shape)
    problems += [f"{call['operation']}: {line}" for line in report.generate_report().splitlines()]
print(json.dumps(problems))
