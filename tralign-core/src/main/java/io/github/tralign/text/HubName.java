package io.github.tralign.text;

import java.nio.file.Files;
import java.nio.file.Path;

/** Names of the Hugging Face Hub, such as {@code owner/name}, where a path was expected. */
public final class HubName {

  private HubName() {}

  /** Continues a message about a missing model folder, if its path looks like a model's name. */
  public static String modelHint(Path missing) {
    return hint(missing, "");
  }

  /** The same for a data set. */
  public static String dataHint(Path missing) {
    return hint(missing, "--repo-type dataset ");
  }

  private static String hint(Path missing, String type) {
    boolean isName =
        !missing.isAbsolute()
            && missing.getNameCount() == 2
            && !Files.exists(missing.getName(0))
            && missing.toString().matches("\\w[\\w.-]*[/\\\\]\\w[\\w.-]*");
    return isName
        ? "; to download it from the Hugging Face Hub: hf download "
            + missing.toString().replace('\\', '/')
            + " "
            + type
            + "--local-dir "
            + missing.getFileName()
        : "";
  }
}
