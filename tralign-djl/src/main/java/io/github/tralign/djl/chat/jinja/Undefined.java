package io.github.tralign.djl.chat.jinja;

/**
 * A name without a value: printed as nothing, false, empty; anything more of it is a fault.
 *
 * @param what for messages, such as {@code 'tools'}
 */
record Undefined(String what) {

  /** A variable, attribute or item of a name. */
  static Undefined of(String name) {
    return new Undefined("'" + TemplateFault.shortened(name, 80) + "'");
  }

  TemplateFault fault() {
    return new TemplateFault(what + " is undefined");
  }
}
