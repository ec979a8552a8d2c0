package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.demo.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class DemoIT {

    @Test
    void theDemosFiguresAreRightAlsoWhenItIsShownAgain(LocalStack stack) {
        assertThat(new Demo(stack.settings()).play()).isEmpty();
        assertThat(new Demo(stack.settings()).play()).isEmpty();
    }
}
