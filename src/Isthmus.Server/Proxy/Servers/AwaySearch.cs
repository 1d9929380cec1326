// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The beginning of a branch to an address that a user has registered in another domain: its servers are looked for and judged, while other branches ring. For
/// the owner of the conversation.
/// </summary>
/// <param name="environment">The proxy.</param>
/// <param name="context">The request, and what becomes of the branch when nobody is found.</param>
/// <param name="forwarding">Sends.</param>
/// <param name="branch">The branch that is to be sent.</param>
/// <param name="stop">Ends the search.</param>
internal sealed class AwaySearch(ProxyEnvironment environment, ResponseContext context, Forwarding forwarding, ProxyBranch branch, CancellationTokenSource stop)
{
    // RFC 3261 §21.4.18: the user is known, and has no valid forwarding location at present.
    private const int NotThere = 480;

    private readonly string _callId = context.Request.Request.CallId;
    private bool _isOver;

    private RequestContext Request => context.Request;

    private Binding Contact => branch.Target.Binding!;

    /// <summary>Looks for the servers.</summary>
    public void Begin()
    {
        if (environment.Away is not { } away)
        {
            context.Lose(branch, NotThere);
            return;
        }

        SipUri uri = Contact.Uri;
        bool isSecure = Request.TryGetUri(out SipUriView requested) && requested.IsSecure;
        ValueTask<ServerFinding> finding = away.FindAsync(uri, isSecure, stop.Token);
        if (finding.IsCompletedSuccessfully)
        {
            Close();
            Found(away, finding.Result);
            return;
        }

        string domain = uri.Host.ToString();
        if (away.Waiting.TryEnter(domain) is null)
        {
            _ = WaitAsync(away, domain, finding);
        }
        else
        {
            context.Lose(branch, NotThere); // which ends the search
        }
    }

    /// <summary>Nobody is interested any more.</summary>
    public void End()
    {
        _isOver = true;
        stop.Cancel();
    }

    // It is known where the branch goes: from now on it is a branch as any other.
    private void Close()
    {
        branch.Search = null;
        stop.Dispose();
    }

    private async Task WaitAsync(AwayServers away, string domain, ValueTask<ServerFinding> awaited)
    {
        ServerFinding? finding = null;
        try
        {
            finding = await awaited.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever ended it has said what there was to say.
        }
        finally
        {
            environment.Stack.RunIn(_callId, () => GoOn(away, domain, finding));
        }
    }

    private void GoOn(AwayServers away, string domain, ServerFinding? finding)
    {
        away.Waiting.Left(domain);
        if (!_isOver)
        {
            Close();
            if (finding is not null)
            {
                Found(away, finding);
            }
            else
            {
                context.Lose(branch, NotThere);
            }

            context.Settle();
        }

        away.Waiting.Finished();
    }

    private void Found(AwayServers away, ServerFinding finding)
    {
        bool isPhone = AwayServers.IsPhone(Contact, finding);
        if (isPhone && !away.HasAnother(Contact))
        {
            Go(away, branch.Target, away.Decide(Request, Contact.Uri, away.MethodFor(Request), [branch.Target.Version]));
            return;
        }

        if (isPhone || finding.Servers is not { } found || away.WithoutOurs(found) is not { } servers)
        {
            context.Lose(branch, NotThere);
            return;
        }

        Verdict? verdict = away.Decide(Request, Contact.Uri, servers.Judge, servers.Targets.Select(server => server.Version));
        ServerList chosen = verdict is { Kind: VerdictKind.Forward } forward ? servers.Chosen(servers.Judge, forward.Routes[0].Version) : servers;
        if (environment.Targets.TryServers(chosen, out ProxyTarget target))
        {
            Go(away, target with { Q = branch.Target.Q, Binding = Contact }, verdict);
        }
        else
        {
            context.Lose(branch, NotThere);
        }
    }

    private void Go(AwayServers away, in ProxyTarget target, in Verdict? verdict)
    {
        if (verdict is { Kind: not VerdictKind.Forward } refused)
        {
            Request.SayOtherwise(away.Judge.Describe(Request, refused));
            context.Lose(branch, NotThere);
            return;
        }

        branch.GoTo(target with { IsAway = false });
        forwarding.Begin(branch);
    }
}
