package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.TokenizationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged tokenizers are refused or work; none ends this process, and no error is a raw one. */
class TokenizerFuzzTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> PARTS =
      List.of(
          "{'type':'NFKC'}",
          "{'type':'Precompiled','precompiled_charsmap':'ALQCAACEAAAAAACAAQAAgMz8AgC4BQAA'}",
          "{'type':'Replace','pattern':{'Regex':'(b|b*)*c'},'content':'x'}",
          "{'type':'Replace','pattern':{'String':''},'content':'xx'}",
          "{'type':'Sequence','normalizers':[],'pretokenizers':[],'processors':[]}",
          "{'type':'Split','pattern':{'Regex':'(e+)+$'},'behavior':'Removed','invert':true}",
          "{'type':'Split','pattern':{'Regex':'('},'behavior':'Isolated','invert':false}",
          "{'type':'Split','pattern':{'Regex':''},'behavior':'Isolated','invert':false}",
          "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}",
          "{'type':'FixedLength','length':0}",
          "{'type':'Digits','individual_digits':true}",
          "{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],'pair':[],"
              + "'special_tokens':{}}",
          "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'x','type_id':0}}],"
              + "'pair':[],'special_tokens':{'x':{'id':'x','ids':[],'tokens':[]}}}",
          "{'type':'BertProcessing','sep':['x',9999999],'cls':['y',1]}",
          "{'type':'BPE','vocab':{'a':0,'b':1},'merges':[['a','b']]}",
          "{'type':'WordPiece','vocab':{'a':0},'unk_token':'u','continuing_subword_prefix':'##',"
              + "'max_input_chars_per_word':0}",
          "{'type':'Unigram','unk_id':7,'vocab':[['a',0.0]],'byte_fallback':true}",
          "{'type':'WordLevel','vocab':{'a':-1},'unk_token':'u'}");

  private enum Result {
    WORKS,
    ROW_REFUSED,
    REFUSED
  }

  @Test
  @Tag("nightly")
  void three_thousand_damaged_tokenizers_are_refused_or_work(@TempDir Path folder) {
    Map<Result, Integer> results = fuzz(folder, 3000, 17);
    System.out.println("damaged tokenizers: " + results);
    assertThat(results).containsKeys(Result.values());
  }

  @Test
  void a_few_damaged_tokenizers_are_refused_or_work(@TempDir Path folder) {
    assertThat(fuzz(folder, 25, 3)).containsKeys(Result.WORKS, Result.REFUSED);
  }

  private static Map<Result, Integer> fuzz(Path folder, int count, long seed) {
    Map<Result, Integer> results = new EnumMap<>(Result.class);
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      TokenizerFolder.with(
          folder,
          json -> {
            for (int change = random.nextInt(3); change >= 0; change--) {
              damage(json, random);
            }
          });
      results.merge(result(folder), 1, Integer::sum);
    }
    return results;
  }

  private static Result result(Path folder) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      for (String text : List.of("The sky is blue.", "é " + "e".repeat(3000) + " bb", "\n\n \t")) {
        tokenizer.encode(text);
        tokenizer.encodeWritten(List.of(text));
      }
      return Result.WORKS;
    } catch (TokenizationException e) {
      return Result.ROW_REFUSED;
    } catch (InvalidInputException e) {
      assertThat(e.getMessage()).startsWith(folder.toString());
      return Result.REFUSED;
    }
  }

  /** Changes one place: most of them are in the small parts, which are drawn as often. */
  private static void damage(ObjectNode json, Random random) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    String name = names.get(random.nextInt(names.size()));
    if (random.nextInt(3) == 0) {
      String part = PARTS.get(random.nextInt(PARTS.size())).replace('\'', '"');
      json.set(name, TokenizerFolder.parse(part));
      return;
    }
    JsonNode value = json.get(name);
    if (value instanceof ObjectNode object && !object.isEmpty() && random.nextInt(5) > 0) {
      damage(object, random);
    } else if (value instanceof ArrayNode array && !array.isEmpty() && random.nextInt(5) > 0) {
      int at = random.nextInt(array.size());
      if (array.get(at) instanceof ObjectNode object && random.nextBoolean()) {
        damage(object, random);
      } else {
        array.set(at, random.nextBoolean() ? other(random) : array.get(0));
      }
    } else if (random.nextInt(4) == 0) {
      json.remove(name);
    } else {
      json.set(name, other(random));
    }
  }

  private static JsonNode other(Random random) {
    List<JsonNode> values =
        List.of(
            JSON.nullNode(),
            JSON.numberNode(0),
            JSON.numberNode(-1),
            JSON.numberNode(1L << 40),
            JSON.numberNode(0.5),
            JSON.textNode(""),
            JSON.textNode("##"),
            JSON.textNode("\ud800"),
            JSON.textNode("a".repeat(10_000)),
            JSON.booleanNode(true),
            JSON.arrayNode(),
            JSON.arrayNode().add("a"),
            JSON.objectNode(),
            JSON.objectNode().put("type", "ByteLevel"));
    return values.get(random.nextInt(values.size()));
  }
}
