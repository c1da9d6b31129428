package io.contree.conformance.docs;

// docs: hello
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;

public class Hello {
    public static void main(String[] args) {
        try (Contree contree = Contree.connect()) {
            Image ubuntu = contree.images().oci("docker://docker.io/library/ubuntu:latest");
            RunResult first = ubuntu.shell("echo hello > /greeting").execute();
            RunResult second = first.image().command("cat", "/greeting").execute();
            System.out.print(second.stdout());
            System.out.println(ubuntu.exists("/greeting"));
        }
    }
}
// end
