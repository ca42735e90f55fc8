package dev.bulwark.control;

/**
 * One resource limit.
 *
 * @param resource the number of getrlimit(2), 0 to 15
 * @param soft the limit in force; -1 for none
 * @param hard the limit of the limit; -1 for none
 */
public record RlimitSpec(int resource, long soft, long hard) {
  void encode(WireWriter to) {
    to.number(resource).number(soft).number(hard);
  }

  static RlimitSpec decode(WireReader from) throws MalformedException {
    int resource = from.integer();
    if (resource < 0 || resource > 15) {
      throw new MalformedException("resource limit " + resource);
    }
    return new RlimitSpec(resource, from.number(), from.number());
  }
}
