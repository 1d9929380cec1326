// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Isthmus.Lab;

/// <summary>The program <c>ip</c> of iproute2.</summary>
internal sealed class IpTool(string path)
{
    public const string Package = "iproute2";

    public string Path { get; } = path;

    /// <summary>Runs it. What it complains about is an <see cref="IOException"/>.</summary>
    public async Task<string> RunAsync(params IReadOnlyList<string> arguments)
    {
        (int code, string output, string error) = await StartAsync(arguments, null);
        return code == 0 ? output : throw new IOException($"ip {string.Join(' ', arguments)}: {error.Trim()}");
    }

    /// <summary>Gives it several commands at once, inside a namespace.</summary>
    public async Task BatchAsync(string inside, IReadOnlyList<string> commands)
    {
        (int code, _, string error) = await StartAsync(["-n", inside, "-batch", "-"], string.Join('\n', commands) + "\n");
        if (code != 0)
        {
            throw new IOException($"ip -n {inside}: {error.Trim()}");
        }
    }

    private async Task<(int Code, string Output, string Error)> StartAsync(IReadOnlyList<string> arguments, string? input)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new IOException($"{Path} did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
