package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that name tokens in every way give the ids of transformers, or are refused. */
class PeerTokenizerFoldersTest {

  @Test
  void each_folder_gives_the_ids_of_transformers(@TempDir Path directory) throws Exception {
    JsonNode golden =
        TokenizerFolder.read(TokenizerFolder.GOLDEN.resolve("tokenizer_folders.json"));
    List<String> texts = new ArrayList<>();
    golden.path("texts").forEach(it -> texts.add(it.asText()));
    int same = 0;
    for (JsonNode each : golden.path("folders")) {
      Path folder = Files.createTempDirectory(directory, "folder");
      TokenizerFolder.write(folder, "tokenizer.json", TokenizerFolder.json());
      each.path("files")
          .properties()
          .forEach(it -> TokenizerFolder.write(folder, it.getKey(), it.getValue()));
      try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
        assertThat(tokenizer.endOfSequence()).isEqualTo(each.path("eos").asText());
        assertThat(tokenizer.encodeAll(texts))
            .as(each.toString())
            .containsExactlyElementsOf(ids(each.path("ids")));
        same++;
      } catch (InvalidInputException e) {
        assertThat(e.getMessage()).contains("tokenizer_config.json: key 'eos_token'");
      }
    }
    assertThat(same).isGreaterThan(50);
  }

  private static List<int[]> ids(JsonNode lists) {
    List<int[]> all = new ArrayList<>();
    for (JsonNode list : lists) {
      int[] ids = new int[list.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = list.get(i).asInt();
      }
      all.add(ids);
    }
    return all;
  }
}
