// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>`isthmus phone` as a terminal: `answer` or `listen` when it is called, `call` when it calls.</summary>
internal sealed class IsthmusTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    private RunningProgram? _program;

    public bool RegistersAtStart => role.IsCalled;

    public IpVersions RegistersOn => role.Plan.Mode switch
    {
        RegistrationMode.OneRequest => (Prefer ?? IpVersion.V6).AsSet,
        RegistrationMode.Ipv4 => IpVersions.V4,
        RegistrationMode.Ipv6 => IpVersions.V6,
        _ => role.Plan.Has,
    };

    // With one request the version that is preferred carries it.
    private IpVersion? Prefer => role.Plan.Mode == RegistrationMode.OneRequest ? role.Plan.RequestVersion ?? role.Plan.Prefer : role.Plan.Prefer;

    public bool HasEnded => _program is { HasExited: true };

    // `phone call` registers and calls in one: it is started when it is to call.
    public Task StartAsync(CancellationToken cancellation)
    {
        if (RegistersAtStart)
        {
            Start(role.Answers ? ["answer"] : ["listen"]);
        }

        return Task.CompletedTask;
    }

    public Task CallAsync(string uri, CancellationToken cancellation)
    {
        Start(["call", uri]);
        return Task.CompletedTask;
    }

    public Task RejectAsync() => _program?.TypeAsync("r") ?? Task.CompletedTask;

    public Task HangUpAsync()
    {
        _program?.Ask();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _program?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Start(IReadOnlyList<string> command)
    {
        HostPlan server = stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server);
        string[] servers = [.. from address in server.Addresses where role.Plan.Has.Has(address.Version) select $"{new System.Net.IPEndPoint(address, ServerProgram.Port)};transport={role.Transport.UriToken}"];
        _program = stage.Start(
            role.Plan.Name,
            [
                .. stage.Settings.Isthmus, "phone", .. command,
                "--account", stage.Plan.AddressOfRecord(role.Plan),
                .. servers.SelectMany(one => (string[])["--server", one]),
                "--mode", Mode(role.Plan.Mode),
                .. Prefer is { } version ? (string[])["--prefer", version == IpVersion.V4 ? "4" : "6"] : [],
                "--transport", role.Transport.UriToken,
                "--play", string.Create(CultureInfo.InvariantCulture, $"tone:{role.Tone}"),
                "--json",
            ],
            stage.FolderOf(role.Plan.Name));
    }

    private static string Mode(RegistrationMode mode) => mode switch
    {
        RegistrationMode.OneRequest => "one-request",
        RegistrationMode.Ipv4 => "ipv4",
        RegistrationMode.Ipv6 => "ipv6",
        _ => "both",
    };
}
