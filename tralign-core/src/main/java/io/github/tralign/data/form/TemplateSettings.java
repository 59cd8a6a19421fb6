package io.github.tralign.data.form;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables of a chat template in a row. Tools that are an empty list or text count as none.
 */
final class TemplateSettings {

  private static final String TOOLS = "tools";
  private static final String SETTINGS = "chat_template_kwargs";

  private TemplateSettings() {}

  static ImmutableMap<String, Object> of(FieldReader row) throws InvalidRowException {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (row.says(SETTINGS)) {
      settings.putAll(row.plainObject(SETTINGS));
    }
    if (settings.get(TOOLS) instanceof Collection<?> tools && tools.isEmpty()) {
      settings.remove(TOOLS);
    }
    if (row.says(TOOLS)) {
      Collection<?> tools = row.plainList(TOOLS);
      if (!tools.isEmpty() && settings.put(TOOLS, tools) != null) {
        throw row.invalid(DropReason.FIELD, TOOLS, "is also in '" + SETTINGS + "'");
      }
    }
    return ImmutableMap.copyOf(settings);
  }
}
