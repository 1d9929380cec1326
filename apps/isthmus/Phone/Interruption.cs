// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.App.Phone;

/// <summary>Ctrl-C or SIGTERM, to wait for.</summary>
internal static class Interruption
{
    public static async Task WaitAsync(CancellationToken cancellation)
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellation.Register(interrupted.SetResult);
        await interrupted.Task;
    }
}
