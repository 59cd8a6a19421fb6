package io.github.tralign.djl.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template that is read once and rendered often, by several threads if wanted.
 *
 * <p>Renders as transformers' jinja2 does, with {@code trim_blocks}, {@code lstrip_blocks} and loop
 * controls. Work, nesting and output are bounded.
 */
public final class JinjaTemplate {

  private final Statement root;

  private JinjaTemplate(Statement root) {
    this.root = root;
  }

  /**
   * Reads a template.
   *
   * @throws TemplateFault if it is none, or asks for what this package does not know
   */
  public static JinjaTemplate of(String template) {
    try {
      return new JinjaTemplate(TemplateParser.parse(template));
    } catch (StackOverflowError e) {
      throw new TemplateFault("it is nested too deeply");
    }
  }

  /**
   * The template's text.
   *
   * @param variables by name: texts, numbers, truth values, {@code null}, lists and maps of them
   * @param functions by name, from the one text that each takes to a text
   * @throws TemplateFault if the template refuses them, fails, or passes a bound
   */
  public String render(
      Map<String, ? extends @Nullable Object> variables, Map<String, TextFunction> functions) {
    Map<String, Object> all = new HashMap<>();
    variables.forEach((name, value) -> all.put(name, Python.from(value)));
    functions.forEach((name, function) -> all.put(name, callable(name, function)));
    Frame frame = Frame.of(all);
    try {
      root.run(frame);
    } catch (StackOverflowError e) {
      throw new TemplateFault("it is nested too deeply");
    }
    return frame.output();
  }

  private static Callable callable(String name, TextFunction function) {
    return (arguments, frame) -> function.apply(arguments.of(name, "format").text(0, "format"));
  }

  /** A function of a text that a template may call. */
  @FunctionalInterface
  public interface TextFunction {
    /** The text that comes out. */
    String apply(String text);
  }
}
