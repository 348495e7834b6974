package dev.muster.secrets;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The strings of a keyfile that is more than one key alone: a list, a comment, quotes, a block, a document's start. {@code
 * mongod} reads the first document alone, and lists in lists as one list. A class of its own, so that the parser is loaded
 * only for such a file.
 *
 * <p>mongod's parser, yaml-cpp, also takes quotes that do not end, and a line without indentation after a list. Such files
 * are mistakes and are refused.
 */
final class KeyfileYaml {
    /** yaml-cpp takes a tab behind a list's dash, as YAML says. The parser here takes only spaces. */
    private static final Pattern DASH_AND_TAB = Pattern.compile("(?m)^( *-)[ ]*\\t[ \\t]*");

    private static final String EXPECTED = "; mongod accepts one key, or a list of two during a key rotation";

    private KeyfileYaml() {}

    static List<String> strings(byte[] content) throws KeyfileFault {
        List<String> strings = new ArrayList<>();
        try {
            Iterator<Node> documents = new Compose(LoadSettings.builder().build())
                    .composeAllFromInputStream(new ByteArrayInputStream(withSpaces(content)))
                    .iterator();
            if (documents.hasNext()) {
                collect(documents.next(), strings);
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw new KeyfileFault("is not the YAML that mongod reads"
                    + mark.map(problem -> ", in line " + (problem.getLine() + 1))
                            .orElse("") + EXPECTED);
        } catch (YamlEngineException e) {
            throw new KeyfileFault("has characters that no YAML has" + EXPECTED);
        }
        return strings;
    }

    /** UTF-16 is left as it is. */
    private static byte[] withSpaces(byte[] content) {
        String bytes = new String(content, StandardCharsets.ISO_8859_1);
        return DASH_AND_TAB.matcher(bytes).replaceAll("$1 ").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void collect(Node node, List<String> strings) throws KeyfileFault {
        switch (node) {
            case ScalarNode scalar -> strings.add(scalar.getValue());
            case SequenceNode list -> {
                if (list.isRecursive()) {
                    throw new KeyfileFault("is a list that contains itself");
                }
                for (Node item : list.getValue()) {
                    collect(item, strings);
                }
            }
            case MappingNode mapping ->
                throw new KeyfileFault("is a YAML mapping, as of a key with a colon" + EXPECTED);
            default -> throw new KeyfileFault("is not the YAML that mongod reads" + EXPECTED);
        }
    }
}
