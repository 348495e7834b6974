package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0  | ''
                    1  | m0
                    7  | m0; m1; m2; m3; m4; m5; m6
                    8  | m0; m1; m2; m3; m4; m5; and 2 more
                    49 | m0; m1; m2; m3; m4; m5; and 43 more
                    """)
    void aLongListIsCut(int members, String words) {
        List<String> listed =
                IntStream.range(0, members).mapToObj(member -> "m" + member).toList();

        assertThat(Words.some(listed, "; ")).isEqualTo(words);
    }
}
