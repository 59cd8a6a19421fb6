package io.github.tralign.djl.jinja;

/**
 * A name without a value: printed as nothing, false, empty; anything more of it is a fault.
 *
 * @param what for messages, such as {@code 'tools'}
 */
record Undefined(String what) {

  TemplateFault fault() {
    return new TemplateFault(what + " is undefined");
  }
}
