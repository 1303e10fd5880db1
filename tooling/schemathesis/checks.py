"""What every answer of the proxy must be, whatever was asked."""

import schemathesis


@schemathesis.check
def openai_shape(ctx, response, case):
    if response.status_code < 400:
        return
    # A HEAD is answered without a body.
    if case.method.upper() == "HEAD":
        return
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}, error
    assert isinstance(error["message"], str) and isinstance(error["type"], str), error
    assert isinstance(error["code"], str), error
    assert error["param"] is None or isinstance(error["param"], str), error
    if response.status_code >= 500:
        # Nor is what the router says of an upstream that has just failed.
        assert error["code"].startswith("upstream_") or error["code"] == "no_healthy_upstream", error
