// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A Linux network namespace with a name, as <c>ip netns</c> keeps them.</summary>
internal sealed record NetworkNamespace(string Name)
{
    public const string Folder = "/run/netns";

    private const string Listening = "0A"; // TCP_LISTEN, as /proc says it

    /// <summary>The command that runs another one inside. The process keeps its id, for <c>ip</c> becomes that program.</summary>
    public IReadOnlyList<string> Command(string tool, IReadOnlyList<string> command) => [tool, "netns", "exec", Name, .. command];

    /// <summary>Whether somebody has a UDP port, or listens on a TCP port.</summary>
    public bool IsServed(SipTransport transport, IpVersion version, int port) => Run(() =>
        File.ReadLines($"/proc/thread-self/net/{(transport == SipTransport.Udp ? "udp" : "tcp")}{(version == IpVersion.V6 ? "6" : "")}").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(socket => socket[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && (transport == SipTransport.Udp || socket[3] == Listening)));

    /// <summary>Does something inside. A socket that is opened there stays there. What it throws is thrown here.</summary>
    public T Run<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? fault = null;
        Thread thread = Start(() => result = action(), exception => fault = ExceptionDispatchInfo.Capture(exception));
        thread.Join();
        fault?.Throw();
        return result;
    }

    /// <summary>Starts a thread that is inside from its first to its last moment; a thread that has entered a namespace is never lent to anybody else.</summary>
    public Thread Start(Action action, Action<Exception> failed)
    {
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                action();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or System.Net.Sockets.SocketException)
            {
                failed(exception);
            }
        })
        {
            IsBackground = true,
            Name = Name,
        };
        thread.Start();
        return thread;
    }

    private void Enter()
    {
        int descriptor = LinuxCalls.Open($"{Folder}/{Name}", LinuxCalls.ReadOnlyCloseOnExec);
        int entered = descriptor < 0 ? -1 : LinuxCalls.SetNamespace(descriptor, LinuxCalls.CloneNewNet);
        int error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0)
        {
            _ = LinuxCalls.Close(descriptor);
        }

        if (entered < 0)
        {
            throw new IOException($"the network namespace {Name} cannot be entered: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
