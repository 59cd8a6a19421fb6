package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of {@code docs/several-machines.md}, with a {@code tralign} in place of the real one
 * that prints how it was called; the real one must know all of these options.
 */
@EnabledOnOs(OS.LINUX)
class SeveralMachinesPageTest {

  private static final Path PAGE = Path.of("../docs/several-machines.md");

  @TempDir private Path folder;

  @Test
  void two_ssh_lines_start_both_ranks() throws Exception {
    program("ssh", "shift; cd(){ :; }; eval \"$1\"");
    String script = block("", "ssh node0") + "\nwait\n";
    assertThat(run(script, Map.of()).lines())
        .containsExactlyInAnyOrder(
            "train --policy pythia-70m --data pairs.jsonl --output run --rank 0 --world 2 --meet node0:29500",
            "train --policy pythia-70m --data pairs.jsonl --output run --rank 1 --world 2 --meet node0:29500");
  }

  @Test
  void the_job_of_kubernetes_starts_or_resumes_its_rank() throws Exception {
    List<JsonNode> parts =
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(new YAMLFactory().createParser(block("yaml", "kind: Job")))
            .readAll();
    assertThat(parts).extracting(it -> it.path("kind").asText()).containsExactly("Service", "Job");
    JsonNode job = parts.get(1).path("spec");
    assertThat(job.path("completions")).isEqualTo(job.path("parallelism"));
    String script = job.at("/template/spec/containers/0/args/0").asText();
    String rank = "--rank 1 --world " + job.path("completions") + " --meet tralign-0.tralign:29500";
    assertStartsAndResumes(script, Map.of("JOB_COMPLETION_INDEX", "1"), rank);
    assertThat(job.at("/template/spec/subdomain")).isEqualTo(parts.get(0).at("/metadata/name"));
  }

  @Test
  void the_script_for_slurm_starts_or_resumes_its_rank() throws Exception {
    program("scontrol", "echo node3; echo node4");
    program("srun", "shift; SLURM_PROCID=1 exec \"$@\"");
    Map<String, String> slurm =
        Map.of(
            "SLURM_JOB_NODELIST", "node[3-4]",
            "SLURM_JOB_ID", "123456",
            "SLURM_CPUS_PER_TASK", "8",
            "SLURM_NTASKS", "2");
    assertStartsAndResumes(
        block("sh", "#SBATCH"), slurm, "--threads 8 --rank 1 --world 2 --meet node3:23456");
  }

  private void assertStartsAndResumes(String script, Map<String, String> variables, String rank)
      throws Exception {
    assertThat(run(script, variables))
        .isEqualTo(
            "train --policy pythia-70m --data pairs.jsonl --output run --checkpoint-every 100 "
                + rank
                + "\n");
    Files.createDirectory(folder.resolve("run"));
    Files.createFile(folder.resolve("run").resolve("config.yaml"));
    assertThat(run(script, variables)).isEqualTo("train --resume --output run " + rank + "\n");
  }

  /**
   * What a script prints, whose commands the command line takes, up to the model that is missing.
   */
  private String run(String script, Map<String, String> variables) throws Exception {
    program("tralign", "echo \"$@\"");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
    String printed = new String(builder.start().getInputStream().readAllBytes(), UTF_8);
    for (String line : printed.lines().toList()) {
      String message = Cli.run((Object[]) line.split(" ")).err();
      assertThat(message)
          .containsAnyOf("tralign: --policy: pythia-70m", "tralign: pythia-70m", "holds no run");
    }
    return printed;
  }

  private void program(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/bash\n" + content + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** The page's first block of a language that has a text. */
  private static String block(String language, String text) throws IOException {
    Matcher blocks =
        Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    while (blocks.find()) {
      if (blocks.group(1).contains(text)) {
        return blocks.group(1);
      }
    }
    throw new AssertionError(PAGE + " has no block with " + text);
  }
}
