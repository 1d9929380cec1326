// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// Asks several resolvers, one after the other while none answers, and hears them all: a resolver that is dead, or that lies behind a black hole, costs
/// one stagger. Whoever answered last is asked first the next time. A failure (SERVFAIL) makes the next one be asked at once.
/// </summary>
internal sealed class StaggeredDnsClient(IReadOnlyList<IDnsClient> servers, DnsOptions options, TimeProvider time) : IDnsClient
{
    private int _preferred;

    public async ValueTask<DnsReply> QueryAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        if (servers.Count == 0)
        {
            return DnsReply.Failed(DnsStatus.Unreachable);
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await AskInTurnAsync(name, type, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<DnsReply> AskInTurnAsync(string name, DnsType type, CancellationToken stop)
    {
        var running = new List<Task<(int Server, DnsReply Reply)>>();
        DnsReply? failure = null;
        int first = Volatile.Read(ref _preferred);
        for (int attempt = 0; attempt < servers.Count * options.Rounds; attempt++)
        {
            bool endsRound = (attempt + 1) % servers.Count == 0;
            var pause = Task.Delay(endsRound ? options.RetryTime : options.Stagger, time, stop);
            running.Add(AskAsync((first + attempt) % servers.Count, name, type, stop));
            while (running.Count > 0 && await Task.WhenAny([.. running, pause]).ConfigureAwait(false) is Task<(int Server, DnsReply Reply)> done)
            {
                running.Remove(done);
                var (server, reply) = await done.ConfigureAwait(false);
                if (reply.IsAnswer)
                {
                    Volatile.Write(ref _preferred, server);
                    return reply;
                }
                failure = failure is null || failure.Status == DnsStatus.Unreachable ? reply : failure;
                if (!endsRound)
                {
                    break;
                }
            }
            stop.ThrowIfCancellationRequested();
            if (endsRound && failure is not null)
            {
                return failure; // each was asked, and one of them has answered, if only that it cannot say
            }
        }
        return DnsReply.Failed(DnsStatus.TimedOut);
    }

    private async Task<(int Server, DnsReply Reply)> AskAsync(int server, string name, DnsType type, CancellationToken stop)
    {
        try
        {
            return (server, await servers[server].QueryAsync(name, type, stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return (server, DnsReply.Failed(DnsStatus.TimedOut)); // somebody else has answered, or nobody waits any more
        }
    }
}
