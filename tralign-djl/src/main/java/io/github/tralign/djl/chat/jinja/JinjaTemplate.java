package io.github.tralign.djl.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template that is read once and rendered often, by several threads if wanted.
 *
 * <p>Renders as transformers' jinja2 does, with {@code trim_blocks}, {@code lstrip_blocks} and loop
 * controls. A template may be hostile: its work, its memory and its nesting are bounded, in
 * proportion to what it is given.
 */
public final class JinjaTemplate {

  /** Of a template's source; those of real models have up to some 30,000. */
  private static final int MAX_SOURCE = 500_000;

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
    if (template.length() > MAX_SOURCE) {
      throw new TemplateFault("it has more than " + MAX_SOURCE + " characters").at(1);
    }
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
    return render(variables, functions, new Budget());
  }

  String render(
      Map<String, ? extends @Nullable Object> variables,
      Map<String, TextFunction> functions,
      Budget budget) {
    Map<String, Object> all = new HashMap<>();
    variables.forEach((name, value) -> all.put(name, Python.from(value, budget)));
    functions.forEach((name, function) -> all.put(name, callable(name, function)));
    try {
      Frame frame = Frame.of(all, budget);
      root.run(frame);
      return frame.output();
    } catch (StackOverflowError e) { // the bounds of nesting are for stacks of 512 KiB and more
      throw new TemplateFault("it is nested too deeply for the stack of this thread");
    }
  }

  private static Callable callable(String name, TextFunction function) {
    return (arguments, frame) -> {
      String format = arguments.of(name, "format").text(0, "format");
      frame.budget().items(format.length());
      return function.apply(format);
    };
  }

  /** A function of a text that a template may call. */
  @FunctionalInterface
  public interface TextFunction {
    /** The text that comes out. */
    String apply(String text);
  }
}
