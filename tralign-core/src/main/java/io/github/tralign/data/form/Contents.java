package io.github.tralign.data.form;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;

/**
 * The content of a message: a text, or a list of parts, each {@code {"type": "text", "text": "…"}}.
 */
final class Contents {

  private Contents() {}

  static String of(FieldReader message, String field) throws InvalidRowException {
    if (!message.hasList(field)) {
      return message.text(field);
    }
    StringBuilder content = new StringBuilder();
    for (FieldReader part : message.objects(field)) {
      String type = part.text("type");
      if (!type.equals("text")) {
        throw part.invalid(
            DropReason.FIELD, "type", "is '" + type + "'; only parts of type 'text' are read");
      }
      content.append(part.text("text"));
    }
    return content.toString();
  }
}
