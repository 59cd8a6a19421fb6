package io.github.tralign.djl.chat.jinja;

import java.util.List;

/** A part of a template that prints or sets something. */
@FunctionalInterface
interface Statement {

  /** How execution proceeds after a statement. */
  enum Flow {
    NEXT,
    CONTINUE,
    BREAK
  }

  Flow run(Frame frame);

  /** The same statement, whose errors have a line number. */
  default Statement at(int line) {
    return frame -> {
      try {
        frame.budget().enter();
        return run(frame);
      } catch (JinjaException e) {
        throw e.at(line);
      } catch (ArithmeticException e) {
        throw new JinjaException("a number is too large, or there is a division by zero").at(line);
      } finally {
        frame.budget().leave();
      }
    };
  }

  static Statement all(List<Statement> statements) {
    return frame -> {
      for (Statement statement : statements) {
        Flow then = statement.run(frame);
        if (then != Flow.NEXT) {
          return then;
        }
      }
      return Flow.NEXT;
    };
  }
}
