// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Isthmus.Server.Diagnostics;

namespace Isthmus.Server;

/// <summary>Asks a running server, by its control socket.</summary>
/// <param name="path">The socket; null: where a server has it by default.</param>
public sealed class ControlClient(string? path = null)
{
    private const int LargestAnswer = 256 << 20;

    /// <summary>The socket that is asked.</summary>
    public string Path { get; } = path ?? ControlPath.Default;

    /// <summary>Every binding.</summary>
    public Task<ControlResult<BindingView>> BindingsAsync(CancellationToken cancellation = default) => AskAsync("show bindings", answer => answer.Bindings, cancellation);

    /// <summary>What is said when nobody answers.</summary>
    public string Unreachable => $"no server answers at {Path}: is `isthmus serve` running?";

    /// <summary>Every call.</summary>
    public Task<ControlResult<CallView>> CallsAsync(CancellationToken cancellation = default) => AskAsync("show calls", answer => answer.Calls, cancellation);

    /// <summary>Every listener.</summary>
    public Task<ControlResult<ListenerView>> ListenersAsync(CancellationToken cancellation = default) => AskAsync("show listeners", answer => answer.Listeners, cancellation);

    /// <summary>Every message that waits for a user who was not there, the oldest first.</summary>
    public Task<ControlResult<MessageView>> MessagesAsync(CancellationToken cancellation = default) => AskAsync("show messages", answer => answer.Messages, cancellation);

    /// <summary>Every user of whom something is published or whom somebody watches.</summary>
    public Task<ControlResult<PresenceView>> PresenceAsync(CancellationToken cancellation = default) => AskAsync("show presence", answer => answer.Presence, cancellation);

    /// <summary>Every subscription that the server notifies.</summary>
    public Task<ControlResult<SubscriptionView>> SubscriptionsAsync(CancellationToken cancellation = default) => AskAsync("show subscriptions", answer => answer.Subscriptions, cancellation);

    /// <summary>The servers of other domains: those of the peer table, and those that DNS told of.</summary>
    public Task<ControlResult<PeerView>> PeersAsync(CancellationToken cancellation = default) => AskAsync("show peers", answer => answer.Peers, cancellation);

    /// <summary>Memory and garbage collections: one item.</summary>
    public Task<ControlResult<RuntimeView>> RuntimeAsync(CancellationToken cancellation = default) =>
        AskAsync<RuntimeView>("show runtime", answer => answer.Runtime is { } runtime ? [runtime] : null, cancellation);

    /// <summary>What the running server would do with a call, and why.</summary>
    /// <returns>One explanation, or an error.</returns>
    public Task<ControlResult<Explanation>> ExplainAsync(ExplainQuestion question, CancellationToken cancellation = default) =>
        AskAsync<Explanation>(
            ControlRequests.Explain + JsonSerializer.Serialize(question, ControlJson.Default.ExplainQuestion),
            answer => answer.Explanation is { } explanation ? [explanation] : null,
            cancellation);

    /// <summary>Sends one request line and returns the line of JSON that answers it; null when nobody answers there.</summary>
    public async Task<string?> AskAsync(string request, CancellationToken cancellation = default)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellation).ConfigureAwait(false);
            await socket.SendAsync(Encoding.UTF8.GetBytes(request + "\n"), cancellation).ConfigureAwait(false);
            using var answer = new MemoryStream();
            byte[] buffer = new byte[65536];
            while (answer.Length < LargestAnswer && await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false) is var read && read > 0)
            {
                answer.Write(buffer, 0, read);
            }

            return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length).TrimEnd('\n');
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return null;
        }
    }

    private async Task<ControlResult<T>> AskAsync<T>(string request, Func<ControlAnswer, IReadOnlyList<T>?> read, CancellationToken cancellation)
    {
        if (await AskAsync(request, cancellation).ConfigureAwait(false) is not { Length: > 0 } line)
        {
            return new([], Unreachable);
        }

        ControlAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(line, ControlJson.Default.ControlAnswer);
        }
        catch (JsonException)
        {
            return new([], $"what answers at {Path} is not a server of this kind");
        }

        return answer is not null && read(answer) is { } items ? new(items, null) : new([], answer?.Error ?? "an empty answer");
    }
}

/// <summary>What a running server answered.</summary>
/// <param name="Items">What was asked for; empty with an error.</param>
/// <param name="Error">Why there is no answer; null when there is one.</param>
public sealed record ControlResult<T>(IReadOnlyList<T> Items, string? Error);
