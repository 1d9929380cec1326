// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>
/// Hears of bindings after the store has them, and before the REGISTER is answered. Called on the thread that commits: whoever has more to do than to look
/// something up leaves it to another.
/// </summary>
internal interface ILocationObserver
{
    /// <summary>An address-of-record has other bindings than before: one appeared, was replaced, was taken away or has expired.</summary>
    /// <param name="aor">The address-of-record, with the bindings that it has now.</param>
    /// <param name="before">The bindings that it had.</param>
    void Changed(AddressOfRecord aor, Binding[] before);

    /// <summary>A binding lives on.</summary>
    void Renewed(Binding binding)
    {
    }
}
