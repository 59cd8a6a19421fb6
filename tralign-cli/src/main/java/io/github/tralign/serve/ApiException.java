package io.github.tralign.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is answered with the protocol's error object. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String parameter;
  private final @Nullable String code;

  /**
   * Creates an exception.
   *
   * @param status the HTTP status
   * @param message what is wrong and what would be right
   * @param parameter the field of the request
   * @param code the protocol's word for the error
   */
  ApiException(int status, String message, @Nullable String parameter, @Nullable String code) {
    super(message);
    this.status = status;
    this.parameter = parameter;
    this.code = code;
  }

  /** A field with an invalid value. */
  static ApiException invalid(String parameter, String message) {
    return new ApiException(400, message, parameter, "invalid_value");
  }

  /** A field that is not supported. */
  static ApiException unsupported(String parameter, String message) {
    return new ApiException(400, message, parameter, "unsupported_parameter");
  }

  int status() {
    return status;
  }

  /** The error object. */
  ObjectNode json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type(status))
        .put("param", parameter)
        .put("code", code);
    return body;
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
