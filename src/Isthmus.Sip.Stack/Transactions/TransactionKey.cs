// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// What makes messages belong to one transaction: branch, sent-by and method (RFC 3261 §17.1.3, §17.2.3), or, for requests without the
/// magic cookie, what RFC 2543 compared, put into one string. The hash is computed once.
/// </summary>
internal readonly struct TransactionKey : IEquatable<TransactionKey>
{
    private readonly string _branch;
    private readonly HostPort _sentBy;
    private readonly SipMethod _method;
    private readonly int _hash;

    private TransactionKey(string branch, HostPort sentBy, SipMethod method)
    {
        _branch = branch;
        _sentBy = sentBy;
        _method = method;

        // The branch alone tells transactions apart; sent-by and method decide only between equal branches. Tokens ignore case (§7.3.1).
        _hash = string.GetHashCode(branch, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The key of a client transaction, from the request it sends or from a response to it.</summary>
    public static TransactionKey OfClient(string branch, SipMethod method) => new(branch, default, method);

    /// <summary>The key of the server transaction that a request belongs to, were its method <paramref name="method"/>.</summary>
    /// <remarks>ACK and CANCEL look for their INVITE this way.</remarks>
    public static TransactionKey OfServer(SipRequest request, SipMethod method)
    {
        var via = request.TopVia;
        return via.HasMagicCookie && via.Branch is { } branch
            ? new(branch, via.SentBy, method)
            : new(Rfc2543(request, via), via.SentBy, method);
    }

    /// <summary>
    /// Request-URI, From tag, Call-ID, CSeq number and top Via. The To tag is left out, since that of an ACK is the one of our
    /// response; <see cref="ServerTransaction.MatchesTag"/> looks at it. A newline is in none of the parts.
    /// </summary>
    private static string Rfc2543(SipRequest request, Via via) => string.Join(
        '\n',
        request.RequestUriText,
        request.From.Tag,
        request.CallId,
        request.CSeq.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        via.ToString());

    public bool Equals(TransactionKey other) =>
        _hash == other._hash
        && string.Equals(_branch, other._branch, StringComparison.OrdinalIgnoreCase)
        && _method == other._method
        && _sentBy.Equals(other._sentBy);

    public override bool Equals(object? obj) => obj is TransactionKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
