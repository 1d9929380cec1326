// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Decides what becomes of an incoming call.</summary>
public interface ICallScreen
{
    /// <summary>Called once for an incoming call whose offer the phone can use, before anything but 100 was answered. Must return quickly.</summary>
    /// <returns>What to do; null: as <see cref="PhoneOptions.Answer"/> says.</returns>
    CallScreening? Screen(Call call);
}
