package io.github.tralign.djl.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** {@code for … in … if …}; each iteration has its own scope. */
record ForLoop(
    BiConsumer<Frame, Object> target,
    Expression items,
    Expression filter,
    Statement body,
    Statement otherwise)
    implements Statement {

  @Override
  public Flow run(Frame frame) {
    List<Object> kept = new ArrayList<>();
    for (Object item : Python.iterate(items.evaluate(frame), frame.budget())) {
      Frame trial = frame.child();
      target.accept(trial, item);
      if (filter.isTrue(trial)) {
        kept.add(item);
      }
    }
    if (kept.isEmpty()) {
      return otherwise.run(frame.child());
    }
    int depth = frame.get("loop") instanceof Loop around ? around.depth() + 1 : 0;
    Loop loop = new Loop(kept, depth);
    for (int i = 0; i < kept.size(); i++) {
      Frame each = frame.child();
      loop.at(i);
      each.set("loop", loop);
      target.accept(each, kept.get(i));
      if (body.run(each) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }
}
