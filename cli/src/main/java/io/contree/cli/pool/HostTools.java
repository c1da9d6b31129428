package io.contree.cli.pool;

import io.contree.cli.host.HostCommand;
import java.io.IOException;
import java.util.List;

/** The programs of this machine. */
final class HostTools implements Tools {
    @Override
    public boolean has(Tool tool) {
        return HostCommand.find(tool.program()).isPresent();
    }

    @Override
    public String run(Tool tool, List<String> arguments) {
        HostCommand.Said said;
        try {
            said = HostCommand.run(tool.program(), arguments.toArray(String[]::new))
                    .orElseThrow(() -> PoolException.notInstalled(tool));
        } catch (IOException e) {
            throw new PoolException(tool.program() + " could not be run: " + e.getMessage(), e);
        }
        if (said.code() != 0) {
            throw new PoolException(tool.program() + " " + String.join(" ", arguments) + " failed: "
                    + said.text().replaceAll("\\s*\n\\s*", "; "));
        }
        return said.text();
    }
}
