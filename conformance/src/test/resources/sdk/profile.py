"""A client with no arguments finds the local server by the profile that its first start saved."""

from contree_sdk import ContreeSync

from examples import check, main


def no_arguments():
    result = ContreeSync().images.use("busybox:latest").run(shell="echo found").wait()
    check("stdout", "found\n", result.stdout)


main([no_arguments])
