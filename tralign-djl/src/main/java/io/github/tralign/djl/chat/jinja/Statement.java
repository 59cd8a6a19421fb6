package io.github.tralign.djl.chat.jinja;

import java.util.List;

/** A piece of a template that prints or sets something. */
@FunctionalInterface
interface Statement {

  /** What comes after a statement. */
  enum Then {
    NEXT,
    CONTINUE,
    BREAK
  }

  Then run(Frame frame);

  /** The same, naming the line where it fails. */
  default Statement at(int line) {
    return frame -> {
      try {
        frame.budget().enter();
        return run(frame);
      } catch (TemplateFault e) {
        throw e.at(line);
      } catch (ArithmeticException e) {
        throw new TemplateFault("a number is too large, or is divided by zero").at(line);
      } finally {
        frame.budget().leave();
      }
    };
  }

  static Statement all(List<Statement> statements) {
    return frame -> {
      for (Statement statement : statements) {
        Then then = statement.run(frame);
        if (then != Then.NEXT) {
          return then;
        }
      }
      return Then.NEXT;
    };
  }
}
