"""Checks what `vllm-host events export` writes against the protocol itself: opentelemetry-proto must know every member.

    python check_export.py VLLM_HOST LOG...
"""

import base64
import json
import os
import subprocess
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

CONVENTIONS = ["", "gen_ai_latest_experimental"]
IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def export(host, form, log, conventions):
    environment = os.environ | {"OTEL_SEMCONV_STABILITY_OPT_IN": conventions}
    command = [host, "events", "export", "--format", form, "--content", log]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def with_base64_ids(value):
    """OTLP/JSON writes ids in hexadecimal digits, where JSON of protocol buffers has base64."""
    if isinstance(value, list):
        return [with_base64_ids(element) for element in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, member in value.items():
        if key in IDS:
            member = bytes.fromhex(member)
            assert len(member) == IDS[key] and any(member), (key, member)
            member = base64.b64encode(member).decode()
        result[key] = with_base64_ids(member)
    return result


def check_traces(exported):
    request = json_format.ParseDict(with_base64_ids(exported), ExportTraceServiceRequest())
    spans = [span for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans]
    known = {(span.trace_id, span.span_id): span for span in spans}
    assert spans and len(known) == len(spans), "ids that are not unique"
    for span in spans:
        assert span.start_time_unix_nano <= span.end_time_unix_nano, span
        assert not span.parent_span_id or (span.trace_id, span.parent_span_id) in known, f"no parent of {span.name}"
        keys = [attribute.key for attribute in span.attributes]
        assert len(set(keys)) == len(keys) and "gen_ai.operation.name" in keys, keys
    return len(spans)


def check_metrics(exported):
    request = json_format.ParseDict(exported, ExportMetricsServiceRequest())
    metrics = [metric for resource in request.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics]
    for metric in metrics:
        for point in metric.histogram.data_points:
            assert sum(point.bucket_counts) == point.count and len(point.bucket_counts) == len(point.explicit_bounds) + 1, metric
    return len(metrics)


def main():
    host, *logs = sys.argv[1:]
    for log in logs:
        for conventions in CONVENTIONS:
            spans = check_traces(export(host, "otlp", log, conventions))
            metrics = check_metrics(export(host, "otlp-metrics", log, conventions))
            print(f"{os.path.basename(log)} {conventions or '1.41'}: {spans} spans, {metrics} metrics")


main()
