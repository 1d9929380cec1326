// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// SIPp as a terminal of one IP version, for what is no call: a script for each thing that it does. It watches by UDP only: as a client it does not listen for the
/// connection by which a NOTIFY would come.
/// </summary>
internal sealed class SippTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    public const string Tool = "sipp";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<RunningProgram> _programs = [];

    public bool RegistersAtStart => true;

    public IpVersions RegistersOn => Version.AsSet;

    public bool HasEnded => false;

    private IpVersion Version => role.Plan.Has.Single ?? (role.Plan.Mode == RegistrationMode.Ipv4 ? IpVersion.V4 : IpVersion.V6);

    private bool IsTcp => role.Transport == SipTransport.Tcp;

    private LabDomain Home => stage.Plan.HomeOf(role.Plan);

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (IsTcp && role.Watches)
        {
            throw new LabException($"{role.Plan.Name}: sipp can watch by udp only");
        }

        if (role.Answering.Count > 0)
        {
            // First of all: what was kept for it comes as soon as it is registered, and whoever registers ends then.
            await RunAsync("answer", role.Watcher is not null ? SippScripts.NotifyingCallee : SippScripts.MessageCallee, null, cancellation);
            await stage.UntilAsync(() => stage.NamespaceOf(role.Plan.Name).IsServed(role.Transport, Version, ServerProgram.Port), cancellation, Patience);
        }

        await RegisterAsync("register", 300, cancellation);
    }

    public async Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation)
    {
        string script = method == SipMethod.Message ? SippScripts.Message : method == SipMethod.Subscribe ? SippScripts.Subscribe : SippScripts.Publish;
        RunningProgram program = await RunAsync(method.Name.ToLowerInvariant(), script, uri, cancellation);
        return method == SipMethod.Subscribe || await program.EndsAsync(Patience) ? null : $"sipp did not come to the end of {method.Name}; see {stage.LogOf(role.Plan.Name)}";
    }

    public async Task<string?> EndAsync(CancellationToken cancellation) => !role.Watches || await _programs[^1].EndsAsync(Patience) ? null : "sipp's subscription did not end";

    public Task CallAsync(string uri, CancellationToken cancellation) => throw new LabException("sipp makes no calls here");

    public Task RejectAsync() => Task.CompletedTask;

    public Task HangUpAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (RunningProgram program in _programs)
        {
            await program.DisposeAsync();
        }

        await (await RegisterAsync("leave", 0, CancellationToken.None)).DisposeAsync();
    }

    private async Task<RunningProgram> RegisterAsync(string name, int seconds, CancellationToken cancellation)
    {
        RunningProgram program = await RunAsync(name, SippScripts.Register(seconds), Home.Name, cancellation, ownPort: role.Answering.Count > 0);
        await program.EndsAsync(Patience);
        return program;
    }

    // Without somebody to talk to it answers whoever comes; whoever registers meanwhile has another port. Its messages go to the server, whatever their Request-URI says.
    private async Task<RunningProgram> RunAsync(string name, string script, string? towards, CancellationToken cancellation, bool ownPort = false)
    {
        string folder = stage.FolderOf(role.Plan.Name), file = Path.Combine(folder, $"{name}.xml");
        await File.WriteAllTextAsync(file, script, cancellation);
        RunningProgram program = stage.Start(
            role.Plan.Name,
            [
                ToolBox.Find(Tool) ?? Tool,
                .. towards is null ? Array.Empty<string>() : [new IPEndPoint(stage.Plan.Host(Home.Server).AddressOf(Version)!, ServerProgram.Port).ToString(), "-m", "1"],
                "-sf", file, "-i", stage.Plan.Host(role.Plan.Name).AddressOf(Version)!.ToString(),
                .. ownPort ? Array.Empty<string>() : ["-p", ServerProgram.Port.ToString(CultureInfo.InvariantCulture)],
                "-t", IsTcp ? "t1" : "u1", "-nostdin", "-trace_err", "-error_file", Path.Combine(stage.Settings.Output, $"{role.Plan.Name}-{name}.log"),
                "-key", "aor", stage.Plan.AddressOfRecord(role.Plan), "-key", "towards", towards ?? "sip:nobody", "-key", "user", role.Plan.User,
            ],
            folder,
            $"{stage.LogOf(role.Plan.Name)}.{_programs.Count}");
        _programs.Add(program);
        return program;
    }
}
