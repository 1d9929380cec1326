// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>
/// One request outside of a dialog, by the first way that takes it (RFC 3261 §8.1.3.1): the account's servers, one for each IP version, or what DNS says.
/// By whichever way it goes it is the same request, so that whoever gets it twice can tell. Confined to the owner of its Call-ID.
/// </summary>
internal sealed class OutgoingRequest : IClientTransactionUser
{
    private readonly PhoneContext _phone;
    private readonly string _callId;
    private readonly AnyUri _uri;
    private readonly Account? _account;
    private readonly Func<SignallingPath, Flow, RequestBuilder> _compose;
    private readonly Action<RequestAnswer> _done;
    private readonly Queue<SignallingPath> _paths = new();
    private SignallingPath? _path;
    private bool _isDone;

    private OutgoingRequest(PhoneContext phone, string callId, AnyUri uri, Account? account, Func<SignallingPath, Flow, RequestBuilder> compose, Action<RequestAnswer> done) =>
        (_phone, _callId, _uri, _account, _compose, _done) = (phone, callId, uri, account, compose, done);

    /// <summary>The IP version that is tried first; null: IPv6.</summary>
    private IpVersion? Wanted { get; init; }

    /// <summary>Sends a request.</summary>
    /// <param name="phone">The phone.</param>
    /// <param name="callId">The Call-ID of what is composed.</param>
    /// <param name="uri">To whom.</param>
    /// <param name="account">By which account's servers; null: straight there.</param>
    /// <param name="wanted">The IP version that is tried first; null: IPv6.</param>
    /// <param name="compose">Makes the request for a way; its Route is added here.</param>
    /// <param name="done">Hears once what came of it, on the owner of the Call-ID.</param>
    public static void Send(
        PhoneContext phone, string callId, AnyUri uri, Account? account, IpVersion? wanted, Func<SignallingPath, Flow, RequestBuilder> compose, Action<RequestAnswer> done)
    {
        var request = new OutgoingRequest(phone, callId, uri, account, compose, done) { Wanted = wanted ?? phone.Options.Prefer };
        phone.Stack.RunIn(callId, request.Start);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsFinal)
        {
            Done(new RequestAnswer(response.StatusCode, response.ReasonPhrase) { Response = response, Request = transaction.Request, Path = _path });
        }
    }

    public void OnTimeout(ClientTransaction transaction) => Done(new RequestAnswer(408, "no answer") { Request = transaction.Request, Path = _path });

    public void OnTransportError(ClientTransaction transaction, SocketError? error) => Try(error is { } e ? $"cannot be reached: {e}" : "cannot be reached");

    private void Start()
    {
        if (SignallingPath.IsToBeLocated(_uri, _account) && _phone.Search is { } search)
        {
            _ = LocateAsync(search, (SipUri)_uri);
        }
        else
        {
            Walk(SignallingPath.To(_uri, _account, _phone), SignallingPath.Missing(_uri, _account));
        }
    }

    // RFC 3263 §4
    private async Task LocateAsync(ServerSearch search, SipUri uri)
    {
        var (targets, failure) = await search.LocateAsync(uri, CancellationToken.None).ConfigureAwait(false);
        _phone.Stack.RunIn(_callId, () => Walk(
            [.. targets.Select(target => new SignallingPath(target.ToTarget(), []))],
            failure is { } why ? new RequestAnswer(why.StatusCode, why.Reason) : new RequestAnswer(503, "no way there")));
    }

    private void Walk(IReadOnlyList<SignallingPath> paths, RequestAnswer nowhere)
    {
        foreach (var path in paths.OrderByDescending(path => path.Version == Wanted))
        {
            _paths.Enqueue(path);
        }

        if (_paths.Count == 0)
        {
            Done(nowhere);
        }
        else
        {
            Try("");
        }
    }

    private void Try(string fault)
    {
        while (_paths.TryDequeue(out _path))
        {
            if (_phone.Stack.FlowTowards(_path.Target) is { } flow)
            {
                var request = _compose(_path, flow);
                foreach (var route in _path.Route)
                {
                    request.Route(route);
                }

                _phone.Stack.Send(request.Build(), _path.Target, this);
                return;
            }

            fault = $"no {_path.Version.DisplayName} socket for {_path.Target.Transport.Token}";
        }

        Done(new RequestAnswer(503, fault));
    }

    private void Done(RequestAnswer answer)
    {
        if (!_isDone)
        {
            _isDone = true;
            _done(answer);
        }
    }
}
